/** Tables for eight bytes at a time: TABLE[256 k + b] is the CRC of byte b followed by k zero bytes. */
const TABLE = new Uint32Array(8 * 256)
for (let byte = 0; byte < 256; byte++) {
  let c = byte
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  TABLE[byte] = c
}
for (let i = 256; i < TABLE.length; i++) TABLE[i] = (TABLE[i - 256] >>> 8) ^ TABLE[TABLE[i - 256] & 255]

/** CRC-32 (IEEE 802.3) as an unsigned integer. To continue over further bytes, pass the value so far. */
export function crc32(bytes: Uint8Array, soFar = 0): number {
  let c = ~soFar
  let i = 0
  for (const end = bytes.length - 7; i < end; i += 8) {
    const low = c ^ (bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24))
    c =
      TABLE[1792 + (low & 255)] ^
      TABLE[1536 + ((low >>> 8) & 255)] ^
      TABLE[1280 + ((low >>> 16) & 255)] ^
      TABLE[1024 + (low >>> 24)] ^
      TABLE[768 + bytes[i + 4]] ^
      TABLE[512 + bytes[i + 5]] ^
      TABLE[256 + bytes[i + 6]] ^
      TABLE[bytes[i + 7]]
  }
  for (; i < bytes.length; i++) c = TABLE[(c ^ bytes[i]) & 255] ^ (c >>> 8)
  return ~c >>> 0
}
