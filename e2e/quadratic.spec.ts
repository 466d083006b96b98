import { runLab } from './command-line.ts'
import { expect, test } from './lab-fixture.ts'

test('the quadratic page draws the ways, follows its controls, and keeps its state in the address', async ({ server, page }) => {
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  await page.goto(new URL('quadratic.html?beta=2&steps=200', server.url).href)
  await expect(page.getByRole('alert')).toContainText('beta: got "2"; allowed: numbers, at least 0, below 1')
  await page.getByRole('button', { name: 'Dismiss' }).click()
  await expect(page.getByRole('status')).toContainText('At k = 1 GMC settles')
  await expect(page.getByRole('img', { name: /GMC ends at/ })).toBeVisible()

  const tail = page.getByRole('row', { name: /^GMC / }).getByRole('cell').nth(2)
  await expect(tail).toHaveText(/^0\.0/)
  const before = await tail.textContent()
  const k = page.getByRole('textbox', { name: 'k, entries sent' })
  await k.fill('3')
  await expect(page.getByText('got "3"; allowed: 1 to 4 different whole numbers, 1 to 2')).toBeVisible()
  await k.fill('2')
  await expect(page.getByRole('region', { name: 'Distance to the optimum, k = 2' })).toBeVisible()
  await expect(tail).not.toHaveText(before ?? '')
  await expect(page).toHaveURL(/\?k=2&steps=200$/)

  await page.getByRole('checkbox', { name: 'CSER' }).check()
  await expect(page.getByRole('row', { name: /^CSER/ })).toBeVisible()
  expect(problems).toEqual([])
})

test('lab quadratic prints one line of JSON, and names what it cannot use', async () => {
  const { code, output, errors } = await runLab('quadratic', '--steps', '50', '--methods', 'gmc,dmsgd', '--k', '1,2', '--json')
  expect(code, errors).toBe(0)
  const result = JSON.parse(output)
  expect(result).toMatchObject({ schema: 'tabswarm/quadratic/1', workers: 2, dimension: 2, experiment: { k: [1, 2], steps: 50 } })
  expect(result.curves.map(({ method, k }: { method: string; k: number | null }) => [method, k])).toEqual([
    ['dmsgd', null],
    ['gmc', 1],
    ['gmc', 2],
  ])
  const wrong = await runLab('quadratic', '--preset', 'line')
  expect(wrong.code).toBe(1)
  expect(wrong.errors).toContain('preset: got "line"; allowed: plane, large')
})
