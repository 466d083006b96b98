/** Flags for headless Chromium that trains. */
export declare const chromiumFlags: string[]
/** Path of the executable, without installing anything; null when there is none. Throws when TABSWARM_CHROMIUM is wrong. */
export declare function findChromium(): string | null
/** Path of the executable; installs Chromium where there is none. Throws an Error naming what was tried. */
export declare function ensureChromium(say: (line: string) => void): string
