import './add-worker.css'
import { Button, CopyButton } from '@mantine/core'
import { useId, useState } from 'react'
import { checkRun, simulatedWorkers } from '../../form/check-run.ts'
import { type Invitation, invitationTo } from '../../invitation.ts'
import { setDraft, useLab } from '../../store.ts'
import { texts } from '../../texts/index.ts'
import { writeUrl } from '../../url-state.ts'
import { DeviceIcon, LinkIcon, SimulateIcon, TabIcon } from '../../widgets/icons.tsx'
import { QrCode } from '../../widgets/QrCode.tsx'

/** Ways to more workers: a tab, simulated ones, another device, somebody who gets the link. */
export function AddWorker() {
  const link = useRoomLink()
  const address = useLab((state) => state.meeting.address)
  const invitation = invitationTo(new URL(link), address)
  const [showsDevices, setShowsDevices] = useState(false)
  const id = useId()
  const openTab = () => {
    // It is a worker of the room, not one simulated here.
    useLab.setState({ simulated: false })
    window.open(link, '_blank', 'noopener')
  }
  return (
    <section className="add-worker" aria-label={texts.add.title}>
      <h3>{texts.add.title}</h3>
      <div className="ways">
        <Button size="xs" variant="light" leftSection={<TabIcon />} onClick={openTab}>
          {texts.add.tab}
        </Button>
        <SimulateButton />
        <Button
          size="xs"
          variant="default"
          leftSection={<DeviceIcon />}
          aria-expanded={showsDevices}
          aria-controls={id}
          onClick={() => setShowsDevices(!showsDevices)}
        >
          {texts.add.device}
        </Button>
        <CopyButton value={invitation?.url.href ?? link} timeout={2_000}>
          {({ copied, copy }) => (
            <Button size="xs" variant="default" leftSection={<LinkIcon />} onClick={copy}>
              {copied ? texts.add.copied : texts.add.copy}
            </Button>
          )}
        </CopyButton>
      </div>
      <div id={id} hidden={!showsDevices}>
        {showsDevices && (invitation ? <Code invitation={invitation} /> : <OnlyHere />)}
      </div>
    </section>
  )
}

/** This room with what the form says; a run in tabs, for it is others who come. */
function useRoomLink(): string {
  const { name: room, secret } = useLab((state) => state.room)
  const draft = useLab((state) => state.draft)
  return writeUrl(new URL(location.href), { draft, simulated: false, lesson: null, room, secret }).href
}

function SimulateButton() {
  const draft = useLab((state) => state.draft)
  const planned = useLab(simulatedWorkers)
  const more = { ...draft, workers: String((planned ?? 0) + 1) }
  const full = planned !== null && 'workers' in checkRun(more, null).issues
  return (
    <Button
      size="xs"
      variant="default"
      leftSection={<SimulateIcon />}
      disabled={full}
      onClick={() => (planned === null ? useLab.setState({ simulated: true }) : setDraft(more))}
    >
      {planned === null ? texts.add.simulate : texts.add.oneMore}
    </Button>
  )
}

function OnlyHere() {
  return (
    <div className="devices" ref={intoView}>
      <p>{texts.add.onlyHere(location.host)}</p>
      <p>
        {texts.add.startLan} <code>npm start -- --lan</code>
      </p>
    </div>
  )
}

function Code({ invitation: { url, secure } }: { invitation: Invitation }) {
  const { through, address } = useLab((state) => state.meeting)
  // Only a lab that made its own certificate tells its address.
  const own = address === undefined ? null : texts.add.ownCertificate(url.hostname)
  const note = through !== null ? texts.add.through(through) : secure ? own : texts.add.plainHttp
  return (
    <div className="devices" ref={intoView}>
      <QrCode text={url.href} label={texts.add.code(url.href)} />
      <a href={url.href}>{url.href}</a>
      {note && <p>{note}</p>}
    </div>
  )
}

const intoView = (element: HTMLElement | null) => element?.scrollIntoView({ block: 'nearest' })
