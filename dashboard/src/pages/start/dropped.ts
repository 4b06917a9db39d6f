/** Files that were dropped: those by themselves, and those in dropped folders, whose tables belong together. */
export async function droppedFiles(transfer: DataTransfer): Promise<File[]> {
  // The entries have to be asked for at once: after the first pause the browser has emptied what was dropped.
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  if (!entries.some((entry) => entry.isDirectory)) return [...transfer.files];
  return (await Promise.all(entries.map(filesIn))).flat();
}

async function filesIn(entry: FileSystemEntry): Promise<File[]> {
  if (entry.name.startsWith(".")) return []; // what systems leave in folders
  if (entry.isFile) return [await new Promise<File>((done, fail) => (entry as FileSystemFileEntry).file(done, fail))];
  return (await Promise.all((await entriesIn(entry as FileSystemDirectoryEntry)).map(filesIn))).flat();
}

/** A folder hands its entries out in parts, until there are none. */
async function entriesIn(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const found: FileSystemEntry[] = [];
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((done, fail) => reader.readEntries(done, fail));
    if (!part.length) return found;
    found.push(...part);
  }
}
