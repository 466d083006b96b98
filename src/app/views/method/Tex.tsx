import 'katex/dist/katex.min.css'
import katex from 'katex'
import { useMemo } from 'react'

/** A formula: drawn, and as MathML for those who hear it. */
export function Tex({ tex, macros }: { tex: string; macros: Record<string, string> }) {
  const html = useMemo(() => katex.renderToString(tex, { macros: { ...macros } }), [tex, macros])
  // biome-ignore lint/security/noDangerouslySetInnerHtml: KaTeX escapes what it draws, and the formulas are our own
  return <span dangerouslySetInnerHTML={{ __html: html }} />
}
