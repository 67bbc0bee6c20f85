/** Name and data of an event block, or `undefined` for a comment or a block without a name. */
export function readEventBlock(block: string): { topic: string; data: string } | undefined {
  const lines = block.split(/\r\n|\r|\n/);
  const topic = lines.find((line) => line.startsWith("event:"));
  if (topic === undefined) return undefined;
  const data = lines.filter((line) => line.startsWith("data:")).map((line) => line.slice(5).replace(/^ /, ""));
  return { topic: topic.slice(6).trim(), data: data.join("\n") };
}

export function writeEventBlock(topic: string, data: string): string {
  return `event: ${topic}\ndata: ${data}\n\n`;
}
