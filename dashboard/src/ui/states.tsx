import clsx from "clsx";
import type { ReactNode } from "react";
import { ErrorNotice } from "./notice";

/** Grey in the final size of what is coming. */
export function Skeleton({ className }: { className: string }) {
  return <div aria-hidden="true" className={clsx("waiting rounded-md bg-sunken", className)} />;
}

/** What a place will show, and the one thing to do about it. */
export function Empty({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="rounded-lg border border-dashed border-line px-6 py-10 max-w-[72ch]">
      <p className="text-lg font-medium">{title}</p>
      {children && <div className="mt-1 text-soft">{children}</div>}
      {action && <div className="mt-5">{action}</div>}
    </div>
  );
}

export interface Asked<T> {
  data: T | undefined;
  error: unknown;
  refetch: () => unknown;
}

/** One question to the API: grey until it is answered, the problem if it is not, else what is made of the answer. */
export function Loaded<T>({
  query,
  skeleton,
  children,
}: {
  query: Asked<T>;
  skeleton: ReactNode;
  children: (data: T) => ReactNode;
}) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <ErrorNotice error={query.error} onRetry={() => query.refetch()} />;
  return (
    <div role="status" aria-label="Loading">
      {skeleton}
    </div>
  );
}
