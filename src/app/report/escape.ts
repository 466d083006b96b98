const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Characters that XML 1.0 cannot have, not even as entities. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

/** Text between tags or in a quoted attribute, of HTML and SVG. Names and messages come from others. */
export const escapeText = (text: string): string => text.replace(forbidden, '').replace(/[&<>"']/g, (character) => entities[character])
