import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";

export interface MenuItem {
  readonly name: string;
  readonly onSelect: () => void;
  readonly danger?: boolean;
  readonly checked?: boolean;
}

export function Menu({
  label,
  trigger,
  items,
}: {
  label: string;
  trigger: ReactNode;
  items: readonly (MenuItem | "line")[];
}) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild aria-label={label}>
        {trigger}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          sideOffset={4}
          collisionPadding={8}
          className="z-50 min-w-44 rounded-lg border border-line bg-surface p-1 text-base shadow-[0_8px_24px_oklch(0.2_0.02_220/0.14)]"
        >
          {items.map((item, at) =>
            item === "line" ? (
              <DropdownMenu.Separator key={at} className="my-1 h-px bg-line" />
            ) : (
              <DropdownMenu.Item
                key={item.name}
                onSelect={item.onSelect}
                className={`flex h-8 cursor-pointer max-md:h-11 items-center justify-between gap-6 rounded px-2.5 outline-none data-[highlighted]:bg-sunken ${item.danger ? "text-bad" : ""}`}
              >
                {item.name}
                {item.checked && <span className="text-accent">✓</span>}
              </DropdownMenu.Item>
            ),
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
