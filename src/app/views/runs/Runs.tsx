import './runs.css'
import { Button, FileButton, Tooltip } from '@mantine/core'
import { useEffect } from 'react'
import { importRun } from '../../runs/import-run.ts'
import { listRuns, undoDelete, useKeptRuns } from '../../runs/kept-runs.ts'
import { texts } from '../../texts/index.ts'
import { Card } from '../../widgets/Card.tsx'
import { FileIcon } from '../../widgets/icons.tsx'
import { Comparison } from './Comparison.tsx'
import { RunRow } from './RunRow.tsx'

/** The runs that this browser keeps: to replay, compare, name, export and delete. */
export function Runs() {
  // Other tabs of this browser keep theirs in the same list.
  useEffect(() => void listRuns(), [])
  const runs = useKeptRuns((state) => state.runs)
  const refusal = useKeptRuns((state) => state.refusal)
  return (
    <div className="runs">
      <Comparison />
      <Card title={texts.keptRuns.title} help={texts.keptRuns.help} legend={<ImportButton />}>
        {refusal && <p className="problem">{texts.keptRuns.refused(refusal)}</p>}
        <Deleted />
        {runs && runs.length > 0 ? (
          <table className="run-table">
            <thead>
              <tr>
                <th scope="col">{texts.keptRuns.columns.name}</th>
                <th scope="col">{texts.keptRuns.columns.when}</th>
                <th scope="col" className="figure">
                  {texts.keptRuns.columns.workers}
                </th>
                <th scope="col" className="figure" title={texts.keptRuns.accuracyHint}>
                  {texts.keptRuns.columns.accuracy}
                </th>
                <th scope="col" className="figure" title={texts.keptRuns.sentHint}>
                  {texts.keptRuns.columns.sent}
                </th>
                <th scope="col">
                  <span className="visually-hidden">{texts.keptRuns.columns.actions}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {runs.map((run) => (
                <RunRow key={run.id} run={run} />
              ))}
            </tbody>
          </table>
        ) : (
          <p className="empty">{runs ? texts.keptRuns.empty : texts.keptRuns.loading}</p>
        )}
      </Card>
    </div>
  )
}

function ImportButton() {
  return (
    <FileButton onChange={(file) => file && void importRun(file)} accept=".jsonl,.gz">
      {(props) => (
        <Tooltip label={texts.keptRuns.importHint} multiline maw={240}>
          <Button size="compact-xs" variant="default" leftSection={<FileIcon size={14} />} {...props}>
            {texts.keptRuns.import}
          </Button>
        </Tooltip>
      )}
    </FileButton>
  )
}

/** What was deleted last can be brought back; the focus of the button that is gone comes here. */
function Deleted() {
  const deleted = useKeptRuns((state) => state.deleted)
  return (
    <div role="status">
      {deleted && (
        <p className="deleted-run">
          {texts.keptRuns.deleted(deleted.run.name)}
          <Button key={deleted.run.id} size="compact-xs" variant="light" autoFocus onClick={() => void undoDelete()}>
            {texts.keptRuns.undo}
          </Button>
        </p>
      )}
    </div>
  )
}
