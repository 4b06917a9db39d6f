import { many } from "@/format/amounts";

/** What files are called in a sentence: by name while that is short. */
export function namesOf(files: readonly { name: string }[]): string {
  return files.length > 2 ? `These ${many(files.length, "file")}` : files.map((file) => file.name).join(" and ");
}
