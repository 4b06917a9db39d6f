import { useState } from "react";
import { Button } from "@/ui/button";

/** What is shown once and never again, to copy. */
export function Secret({ text, note }: { text: string; note: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <div className="mt-4 max-w-[80ch] rounded-lg border border-accent bg-accent-wash p-4" role="status">
      <p className="text-sm">{note}</p>
      <div className="mt-2 flex items-center gap-3">
        <code className="min-w-0 flex-1 break-all text-sm">{text}</code>
        <Button small onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}>
          {copied ? "Copied" : "Copy"}
        </Button>
      </div>
    </div>
  );
}
