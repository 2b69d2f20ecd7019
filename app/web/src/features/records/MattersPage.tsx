import { SubjectsPage } from "./SubjectsPage";

export default function MattersPage() {
  return <SubjectsPage kind="matters" />;
}
