import type { JointPredictions, Predictions } from '../../../engine/index.ts'
import { formatPercent } from '../../format.ts'
import { texts } from '../../texts/index.ts'
import { Card } from '../../widgets/Card.tsx'
import { Marker } from '../../widgets/Marker.tsx'
import { Picture } from '../../widgets/Picture.tsx'
import { picturesOf } from './pictures-of.ts'

const { predictions: words } = texts

interface Props {
  pictures: { images: Uint8Array; labels: Uint8Array }
  said: JointPredictions | undefined
  classes: string[]
  rank: number
  name: string
  /** there is no other model to average */
  alone: boolean
}

/** Some test pictures, and below each what the worker's model and the averaged model take it for. */
export function Strip({ pictures, said, classes, rank, name, alone }: Props) {
  const { labels } = pictures
  return (
    <Card title={words.strip} unit={words.stripUnit} help={words.stripHelp}>
      <ul className="strip">
        {picturesOf(pictures).map(({ key, bytes, label }, i) => (
          <li key={key}>
            <Picture bytes={bytes} label={words.picture(classes[label])} />
            <strong className="class-name">{classes[labels[i]]}</strong>
            {said && (
              <>
                <Verdict who={<Marker rank={rank} size={10} />} whose={name} said={said.strip} at={i} actual={label} classes={classes} />
                {!alone && (
                  <Verdict
                    who={words.averagedShort}
                    whose={words.averaged}
                    said={said.averagedStrip}
                    at={i}
                    actual={label}
                    classes={classes}
                  />
                )}
              </>
            )}
          </li>
        ))}
      </ul>
    </Card>
  )
}

interface VerdictProps {
  who: React.ReactNode
  whose: string
  said: Predictions
  at: number
  actual: number
  classes: string[]
}

/** The class that a model gives a picture, how sure it is, and whether that is right. */
function Verdict({ who, whose, said, at, actual, classes }: VerdictProps) {
  const predicted = said.classes[at]
  const right = predicted === actual
  const sure = formatPercent(said.probabilities[at])
  return (
    <div className="verdict" data-right={right} title={words.verdict(whose, classes[predicted], sure, right)}>
      <span className="visually-hidden">{whose}:</span>
      <span className="who" aria-hidden="true">
        {who}
      </span>
      <span className="sign" aria-hidden="true">
        {right ? '✓' : '✗'}
      </span>
      <span className="said">{classes[predicted]}</span>
      <span className="visually-hidden">{right ? words.right : words.wrong}</span>
      <span className="bar" aria-hidden="true">
        <span style={{ width: `${100 * said.probabilities[at]}%` }} />
      </span>
      <span className="number">{Math.round(100 * said.probabilities[at])} %</span>
    </div>
  )
}
