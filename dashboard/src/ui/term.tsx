import { Tooltip } from "radix-ui";
import type { ReactNode } from "react";

/** A word with its definition, on hover and on focus. */
export function Term({ children, means }: { children: ReactNode; means: ReactNode }) {
  return (
    <Tooltip.Provider delayDuration={150}>
      <Tooltip.Root>
        <Tooltip.Trigger asChild>
          <button
            type="button"
            className="cursor-help underline decoration-dotted decoration-line-strong underline-offset-4"
          >
            {children}
          </button>
        </Tooltip.Trigger>
        <Tooltip.Portal>
          <Tooltip.Content
            sideOffset={6}
            collisionPadding={12}
            className="z-50 max-w-72 rounded-md border border-line bg-surface px-3 py-2 text-sm text-ink shadow-[0_6px_18px_oklch(0.2_0.02_220/0.14)]"
          >
            {means}
          </Tooltip.Content>
        </Tooltip.Portal>
      </Tooltip.Root>
    </Tooltip.Provider>
  );
}
