/** Errors as the API tells them: what happened, what was there, what to do, and an id that the log shares. */
import type { components } from "./schema";

export type Problem = components["schemas"]["Problem"];

const UNREACHABLE: Problem = {
  type: "",
  title: "The server does not answer.",
  status: 0,
  code: "unreachable",
  detail: "The connection was refused or broke.",
  todo: "See whether holdfast serve is running, then try again.",
  request_id: "",
  details: {},
};

export class Refusal extends Error {
  constructor(readonly problem: Problem) {
    super(problem.title);
  }

  static unreachable(): Refusal {
    return new Refusal(UNREACHABLE);
  }
}

/** The problem in an answer, also where something between us and the server answered instead. */
export async function problemOf(response: Response): Promise<Problem> {
  const text = await response.text();
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === "object" && body !== null && "title" in body && "todo" in body) return body as Problem;
  } catch {
    // Not ours: a proxy's page, or nothing.
  }
  return {
    ...UNREACHABLE,
    title: `The server answered with status ${response.status}.`,
    status: response.status,
    code: "unexpected",
    detail: text.slice(0, 200) || "There was no text in the answer.",
    todo: "Try again; if it stays, look into the server's log.",
    request_id: response.headers.get("X-Request-Id") ?? "",
  };
}

/** Whatever was thrown, as a problem. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Refusal) return error.problem;
  if (error instanceof TypeError && /fetch/i.test(error.message)) return UNREACHABLE;
  const said = error instanceof Error ? error.message : String(error);
  return { ...UNREACHABLE, title: "The page made a mistake.", code: "page", detail: said, todo: "Reload the page." };
}

/** Problems that jobs and imports keep: the same sentences under their names in the records. */
export function keptProblem(kept: { [name: string]: unknown }): Problem {
  return {
    ...UNREACHABLE,
    title: String(kept.what ?? "It did not work."),
    code: String(kept.code ?? ""),
    detail: String(kept.seen ?? ""),
    todo: String(kept.todo ?? ""),
    details: (kept.details as Problem["details"]) ?? {},
  };
}

/** Whether trying again by itself makes sense: the answer is being prepared, or the database was busy. */
export function passes(error: unknown): boolean {
  return error instanceof Refusal && error.problem.status === 503;
}
