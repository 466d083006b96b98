/** Makes ready what is named; resolves with the path of Chromium where that was wanted. Throws an Error of the kind `set-up`. */
export declare function setUp(wanted: {
  packages?: boolean
  chromium?: boolean
  build?: boolean
  stream?: NodeJS.WriteStream
}): Promise<{ chromium: string | null }>
