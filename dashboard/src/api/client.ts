/** The API, typed from its own description; every call names its tenant, every change carries the session's token. */
import createFetchClient, { type Middleware } from "openapi-fetch";
import createHooks from "openapi-react-query";
import { passes, problemOf, Refusal } from "./problem";
import type { paths } from "./schema";

const TENANT = "holdfast.tenant";
const SAFE = new Set(["GET", "HEAD"]);

/** What is being prepared is asked for again for two minutes. */
export const ATTEMPTS = 80;
export const PAUSE_MS = 1500;

let csrf: string | null = null;
let onSignedOut: () => void = () => undefined;

export function chosenTenant(): string | null {
  return localStorage.getItem(TENANT);
}

export function chooseTenant(name: string | null): void {
  if (name === null) localStorage.removeItem(TENANT);
  else localStorage.setItem(TENANT, name);
}

export function setCsrf(token: string | null): void {
  csrf = token;
}

/** What happens when the session has ended. */
export function whenSignedOut(act: () => void): void {
  onSignedOut = act;
}

function headers(method: string): Record<string, string> {
  const tenant = chosenTenant();
  return {
    ...(tenant !== null && { "X-Tenant-Id": tenant }),
    ...(csrf !== null && !SAFE.has(method) && { "X-CSRF-Token": csrf }),
  };
}

const authority: Middleware = {
  onRequest({ request }) {
    for (const [name, value] of Object.entries(headers(request.method))) request.headers.set(name, value);
    return request;
  },
  async onResponse({ request, response }) {
    if (response.status === 401 && !(request.method === "POST" && request.url.endsWith("/session"))) onSignedOut();
    if (!response.ok && response.status !== 304) throw new Refusal(await problemOf(response));
    return response;
  },
};

export const api = createFetchClient<paths>({ baseUrl: location.origin });
api.use(authority);

/** `useQuery` and `useMutation` for every address of the API. */
export const $api = createHooks(api);

/** Send files; `onSent` hears the share that has left. A form with progress is what fetch cannot do. */
export function send(address: string, form: FormData, onSent: (share: number) => void): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    for (const [name, value] of Object.entries(headers("POST"))) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => event.lengthComputable && onSent(event.loaded / event.total);
    request.onerror = () => reject(Refusal.unreachable());
    request.onload = async () => {
      const answer = new Response(request.responseText || null, { status: request.status });
      if (answer.ok) resolve(await answer.json());
      else reject(new Refusal(await problemOf(answer)));
    };
    request.send(form);
  });
}

/**
 * Fetch a file and hand it to the reader; the tenant travels as a header, which a plain link could not send.
 *
 * What passes by itself is waited for, as it is for everything else that is read.
 */
export async function download(address: string, fallbackName: string): Promise<void> {
  const answer = await fetched(address, ATTEMPTS);
  const named = /filename="?([^";]+)/.exec(answer.headers.get("Content-Disposition") ?? "")?.[1];
  save(await answer.blob(), named ?? fallbackName);
}

async function fetched(address: string, attempts: number): Promise<Response> {
  const answer = await fetch(address, { headers: headers("GET") });
  if (answer.ok) return answer;
  const refusal = new Refusal(await problemOf(answer));
  if (attempts <= 1 || !passes(refusal)) throw refusal;
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  return fetched(address, attempts - 1);
}

export function save(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
