import { SubjectsPage } from "./SubjectsPage";

export default function ChartsPage() {
  return <SubjectsPage kind="charts" />;
}
