import { $api } from "@/api/client";
import { useSession } from "@/api/session";

/** Calls those who did something by their name or e-mail; who is gone keeps an id. */
export function useActorName(): (actor: string) => string {
  const { user } = useSession();
  const members = $api.useQuery("get", "/api/v1/members", {});
  const keys = $api.useQuery("get", "/api/v1/keys", {});
  const names = new Map<string, string>([
    ...(members.data?.items ?? []).map((each) => [`user:${each.user_id}`, each.name || each.email] as const),
    ...(keys.data?.items ?? []).map((each) => [`key:${each.id}`, `key ${each.name}`] as const),
    ...(user ? [[`user:${user.id}`, user.name || user.email] as const] : []),
  ]);
  return (actor) => names.get(actor) ?? actor;
}
