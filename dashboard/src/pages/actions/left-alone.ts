/** Who is not on the list, counted so that list and reasons add up to everybody. */
import type { Ranking } from "@/api/actions";

export interface LeftAlone {
  readonly why: string;
  readonly customers: number;
  readonly means: string;
}

/** `whole` is the ranking without limits: its list holds all who are expected to return more than they cost. */
export function leftAlone(list: Ranking, whole: Ranking): LeftAlone[] {
  const suited = whole.curve.at(-1)?.customers ?? 0;
  const reasons: LeftAlone[] = [
    {
      why: "No consent",
      customers: list.without_consent,
      means: "They said that they must not be contacted.",
    },
    {
      why: "On another list",
      customers: list.on_other_lists,
      means: "They are on an open list, or were contacted lately.",
    },
    {
      why: "Costs more than it returns",
      customers: suited - whole.chosen.customers,
      means: "Even their best play is expected to take more in contacts and incentives than it adds.",
    },
    {
      why: "No play suits them",
      customers: list.customers - list.without_consent - list.on_other_lists - suited,
      means: "None of the plays is for customers like them.",
    },
    {
      why: "Beyond the limits",
      customers: whole.chosen.customers - list.chosen.customers,
      means: "They would return more than they cost; budget or contacts end before them.",
    },
  ];
  return reasons.filter((reason) => reason.customers > 0);
}
