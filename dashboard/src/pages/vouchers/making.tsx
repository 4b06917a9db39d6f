import type { Making } from "@/api/vouchers";
import { share } from "@/format/amounts";
import { Button } from "@/ui/button";
import { Notice } from "@/ui/notice";
import { Progress } from "@/ui/progress";

/** How far a history is: sent, made step by step, stopped, or why it could not be made. */
export function MakingNow({ making }: { making: Making }) {
  const { sent, job, busy, problem } = making;
  return (
    <div aria-live="polite">
      {busy && (
        <div className="mt-4 max-w-md">
          <p className="mb-2 flex items-center justify-between gap-3">
            <span>
              {sent !== null && sent < 1 ? `Sending, ${share(sent)}` : job?.step || "Waiting for its turn"} ...
            </span>
            {job && (
              <Button small look="quiet" disabled={job.stopping} onClick={making.cancel}>
                {job.stopping ? "Stopping" : "Cancel"}
              </Button>
            )}
          </p>
          <Progress value={sent !== null && sent < 1 ? sent : (job?.progress ?? 0)} label="Making the history" />
        </div>
      )}
      {job?.state === "cancelled" && <p className="mt-4 text-soft">Stopped. Nothing was changed.</p>}
      {problem && (
        <div className="mt-4">
          <Notice problem={problem} />
        </div>
      )}
    </div>
  );
}
