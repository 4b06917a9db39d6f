import { $api } from "@/api/client";
import { isUnderWay, useJobs } from "@/api/jobs";
import { share } from "@/format/amounts";
import { inReadersFigures } from "@/format/figures";
import { left } from "@/format/times";
import { ButtonLink } from "@/ui/button";
import { Section } from "@/ui/page";
import { Progress } from "@/ui/progress";
import { Loaded, Skeleton } from "@/ui/states";
import { GRADES } from "../forecast/grades";

/** How far the forecast can be trusted: its record on past dates, or how far its training is. */
export function Trust() {
  const readiness = $api.useQuery("get", "/api/v1/readiness", {});
  const jobs = useJobs();
  const training = jobs.data?.items.find((job) => job.kind === "train" && isUnderWay(job));
  return (
    <Section title="Can the forecast be trusted?">
      <Loaded query={readiness} skeleton={<Skeleton className="h-20" />}>
        {({ forecast }) => (
          <div className="flex max-w-[80ch] flex-col items-start gap-4">
            {training && (
              <div className="w-full max-w-md">
                <Progress value={training.progress} label="Training" />
                <p className="mt-1.5 text-sm text-soft">
                  A model is being trained: {share(training.progress)}
                  {training.seconds_left != null && `, ${left(training.seconds_left)} left`}.
                </p>
              </div>
            )}
            {forecast.model ? (
              <p>
                <strong className="font-semibold">{GRADES[forecast.grade ?? ""] ?? "Not graded yet"}.</strong>{" "}
                {inReadersFigures(forecast.sentence ?? "")}
              </p>
            ) : (
              !training && <p className="text-soft">There is no forecast yet. {forecast.no_forecast}</p>
            )}
            {forecast.model ? (
              <ButtonLink href="/forecast">See the evidence</ButtonLink>
            ) : (
              !training && <ButtonLink href="/models">Train a model</ButtonLink>
            )}
          </div>
        )}
      </Loaded>
    </Section>
  );
}
