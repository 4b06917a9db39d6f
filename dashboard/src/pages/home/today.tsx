import { Link } from "wouter";
import { NO_LIMITS, useRanking } from "@/api/actions";
import { Refusal } from "@/api/problem";
import { Section, Sentence } from "@/ui/page";
import { Loaded, Skeleton } from "@/ui/states";

/** Whom it would pay to treat, as soon as there is a forecast to weigh them by. */
export function Today() {
  const ranking = useRanking(NO_LIMITS);
  if (ranking.error instanceof Refusal && ranking.error.problem.status === 404) return null;
  return (
    <Section
      title="What to do today"
      actions={
        <Link href="/actions" className="link text-sm">
          The list
        </Link>
      }
    >
      <Loaded query={ranking} skeleton={<Skeleton className="h-10" />}>
        {(data) => (
          <p className="max-w-[80ch] text-soft">
            <Sentence text={data.headline} />
          </p>
        )}
      </Loaded>
    </Section>
  );
}
