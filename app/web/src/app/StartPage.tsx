import { useQuery } from "@tanstack/react-query";
import { Navigate } from "@tanstack/react-router";
import { me } from "@/api/queries";
import { ErrorState } from "@/components/ErrorState";
import { Loading } from "@/components/Loading";
import { NotFound } from "./NotFound";
import { entriesFor } from "./navigation";

/** Goes on to the first page that the caller's roles are for. */
export function StartPage() {
  const { data, error, refetch } = useQuery(me);
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Loading />;
  const first = entriesFor(data.roles)[0];
  return first ? <Navigate to={first.to} replace /> : <NotFound />;
}
