import { useLocation } from "wouter";
import { useSession, useSignOut } from "@/api/session";
import { Icon } from "@/ui/icon";
import { Menu } from "@/ui/menu";
import { chooseTheme, type ThemeChoice, themeChoice, useTheme } from "./theme";

const THEMES: readonly (readonly [ThemeChoice, string])[] = [
  ["light", "Light"],
  ["dark", "Dark"],
  ["system", "As the system"],
];

/** Who is signed in, the theme, and the way out. */
export function Person({ small = false }: { small?: boolean }) {
  const session = useSession();
  const signOut = useSignOut();
  const [, go] = useLocation();
  useTheme();
  const name = session.user?.name || session.user?.email || session.actor;
  return (
    <Menu
      label={`${name}, theme, settings, sign out`}
      trigger={
        <button
          type="button"
          className="flex h-9 items-center gap-2 rounded-md px-2 text-sm text-soft hover:bg-sunken hover:text-ink"
        >
          <Icon name="person" />
          {!small && <span className="min-w-0 flex-1 truncate text-left">{name}</span>}
          {!small && <Icon name="more" size={16} />}
        </button>
      }
      items={[
        ...THEMES.map(([choice, title]) => ({
          name: title,
          checked: themeChoice() === choice,
          onSelect: () => chooseTheme(choice),
        })),
        "line" as const,
        { name: "Models and jobs", onSelect: () => go("/models") },
        { name: "Settings", onSelect: () => go("/settings") },
        "line" as const,
        { name: "Sign out", onSelect: signOut },
      ]}
    />
  );
}
