import type { ReactNode } from "react";
import { asProblem, type Problem } from "@/api/problem";
import { ErrorNotice } from "./notice";
import { Page } from "./page";
import { type Asked, Skeleton } from "./states";

/** A page that stands on one answer of the API: its frame is there while that comes, and around what went wrong. */
export function LoadedPage<T>({
  query,
  name,
  waiting,
  failed,
  empty,
  children,
}: {
  query: Asked<T>;
  name: string;
  /** What the header says until the answer is there. */
  waiting: string;
  /** What it says if there is none. */
  failed: string;
  /** What stands there where nothing exists yet, in place of an error. */
  empty?: (problem: Problem) => ReactNode;
  children: (data: T) => ReactNode;
}) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) {
    const problem = asProblem(query.error);
    if (empty && problem.status === 404) {
      return (
        <Page name={name} answer={problem.title}>
          {empty(problem)}
        </Page>
      );
    }
    return (
      <Page name={name} answer={failed}>
        <ErrorNotice error={query.error} onRetry={() => query.refetch()} />
      </Page>
    );
  }
  return (
    <div role="status" aria-label="Loading">
      <Page name={name} answer={waiting}>
        <Skeleton className="h-96" />
      </Page>
    </div>
  );
}
