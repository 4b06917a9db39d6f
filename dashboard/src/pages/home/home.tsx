import { $api } from "@/api/client";
import { Refusal } from "@/api/problem";
import { ErrorNotice } from "@/ui/notice";
import { Page } from "@/ui/page";
import { Skeleton } from "@/ui/states";
import { Welcome } from "../start/welcome";
import { Filled } from "./filled";

/** What is at risk, and what to do today; in an empty shop, how to begin. */
export default function Home() {
  const answer = $api.useQuery("get", "/api/v1/answer", {});
  if (answer.data) return <Filled answer={answer.data} />;
  if (answer.error instanceof Refusal && answer.error.problem.status === 404) return <Welcome />;
  return (
    <Page name="Home" answer={answer.error ? "The first answer cannot be given." : "Counting what is at risk ..."}>
      {answer.error ? (
        <ErrorNotice error={answer.error} onRetry={() => answer.refetch()} />
      ) : (
        <div role="status" aria-label="Loading" className="grid gap-10 lg:grid-cols-[3fr_2fr]">
          <Skeleton className="h-80" />
          <Skeleton className="h-80" />
        </div>
      )}
    </Page>
  );
}
