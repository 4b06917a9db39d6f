import { useState } from "react";
import { asProblem, type Problem } from "@/api/problem";
import { Button } from "./button";

/** What went wrong: what happened, why, what to do, and an id to copy. */
export function Notice({ problem, onRetry }: { problem: Problem; onRetry?: () => void }) {
  return (
    <div role="alert" className="rounded-lg border border-line border-l-4 border-l-bad bg-surface p-4 max-w-[72ch]">
      <p className="font-medium">{problem.title}</p>
      {problem.detail && <p className="mt-1 text-soft break-words">{problem.detail}</p>}
      {problem.todo && <p className="mt-1">{problem.todo}</p>}
      <div className="mt-3 flex flex-wrap items-center gap-3">
        {onRetry && (
          <Button small onClick={onRetry}>
            Try again
          </Button>
        )}
        {problem.request_id && <RequestId id={problem.request_id} />}
      </div>
    </div>
  );
}

export function ErrorNotice({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  return <Notice problem={asProblem(error)} onRetry={onRetry} />;
}

function RequestId({ id }: { id: string }) {
  const [copied, setCopied] = useState(false);
  const copy = () => void navigator.clipboard.writeText(id).then(() => setCopied(true));
  return (
    <button
      type="button"
      onClick={copy}
      className="text-xs text-soft hover:text-ink"
      title="Copy the id; the server's log has it too"
    >
      {copied ? "Copied" : "Id"} <code className="font-mono">{id}</code>
    </button>
  );
}
