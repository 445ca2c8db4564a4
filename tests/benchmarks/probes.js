// Measures from inside the page, where no driver's round trip is counted. Times are milliseconds.
globalThis.podium = (() => {
  const tasks = []
  const observer = new PerformanceObserver((list) => tasks.push(...list.getEntries()))
  observer.observe({ type: 'longtask', buffered: true })

  const frame = () => new Promise((resolve) => requestAnimationFrame(() => resolve(performance.now())))
  const rows = () => [...document.querySelectorAll('[role=row][data-row]')]
  const isBusy = () => document.querySelector('[aria-busy=true]') !== null

  async function until(isSo, within = 30_000) {
    const deadline = performance.now() + within
    for (;;) {
      const now = await frame()
      if (isSo()) return now
      if (now > deadline) throw new Error(`not within ${within} ms: ${isSo}`)
    }
  }

  /** The longest task that began in a stretch of time; 0 where none took 50 ms. */
  async function longestTask(from, to) {
    // Entries are handed over a little later.
    await frame()
    await new Promise((resolve) => setTimeout(resolve, 100))
    const inside = tasks.filter(({ startTime, duration }) => startTime + duration > from && startTime < to)
    return Math.max(0, ...inside.map(({ duration }) => duration))
  }

  /** Each step in a frame of its own. */
  async function frames(count, step) {
    const lengths = []
    let before = await frame()
    const began = before
    for (let at = 0; at < count; at += 1) {
      step(at)
      const now = await frame()
      lengths.push(now - before)
      before = now
    }
    lengths.sort((a, b) => a - b)
    return {
      count,
      perSecond: (1000 * count) / (before - began),
      p95: lengths[Math.floor(0.95 * count)],
      longest: lengths.at(-1),
      longestTask: await longestTask(began, before),
    }
  }

  const isLoading = () =>
    [...document.querySelectorAll('main [role=status][aria-label^="Loading"]')].some(
      (one) => one.getBoundingClientRect().top < innerHeight,
    )

  /** Until all that stands above the fold is filled, and then until a click is answered. */
  async function overview(systems) {
    const glance = () => document.querySelector('[aria-label="Runs at a glance"]')?.textContent ?? '–'
    const filled = await until(
      () =>
        !glance().includes('–') &&
        document.querySelectorAll('main article, [aria-label="Healthy orchestrators"] li').length >= systems &&
        /open incidents/i.test(document.querySelector('main').textContent) &&
        document.querySelector('[aria-label="Latest runs"] tbody tr') &&
        !isLoading(),
    )
    const button = document.querySelector('[role=search] [aria-label="State"] button')
    button.click()
    const answered = await until(() => 'selected' in button.dataset)
    return { filled, interactive: answered, longestTask: await longestTask(0, answered) }
  }

  /** From what `act` does to rows that all hold the words, or none where `words` is null. */
  async function filtered(act, words) {
    const began = performance.now()
    act()
    const shown = await until(
      () =>
        !isBusy() &&
        (words === null
          ? rows().length === 0 && !document.querySelector('table')
          : rows().length > 0 && rows().every(({ textContent }) => words.every((word) => textContent.includes(word)))),
    )
    return { took: shown - began, longestTask: await longestTask(began, shown) }
  }

  /** As keys do, as far as the page can tell. */
  function type(label, text) {
    const input = document.querySelector(`[aria-label="${label}"] input, input[aria-label="${label}"]`)
    const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set
    set.call(input, text)
    input.dispatchEvent(new InputEvent('input', { bubbles: true }))
  }

  function press(group, word) {
    const buttons = [...document.querySelectorAll(`[aria-label="${group}"] button`)]
    buttons.find(({ textContent }) => textContent.trim() === word).click()
  }

  async function sorted(column) {
    const head = document.querySelector(`th[data-column="${column}"]`)
    const before = head.getAttribute('aria-sort')
    const began = performance.now()
    head.querySelector('button').click()
    const shown = await until(
      () =>
        document.querySelector(`th[data-column="${column}"]`)?.getAttribute('aria-sort') !== before && !isBusy(),
    )
    return { took: shown - began, longestTask: await longestTask(began, shown) }
  }

  const count = () => Number(document.querySelector('table[aria-rowcount]')?.ariaRowCount ?? 0)
  const loaded = () => {
    const body = document.querySelector('table tbody')
    return body ? Math.round(body.getBoundingClientRect().height / 52) : 0
  }

  /** Scrolls to the end again and again, until so many rows are there. */
  async function read(wanted) {
    const began = performance.now()
    await until(() => {
      window.scrollTo(0, document.documentElement.scrollHeight)
      return loaded() >= wanted
    }, 400_000)
    return { took: performance.now() - began, rows: loaded(), longestTask: await longestTask(began, performance.now()) }
  }

  /** Share of frames in which some of the window beside the rows that exist was empty. */
  async function scrolled(count, pixels) {
    window.scrollTo(0, 2_000)
    await frame()
    await frame()
    let blank = 0
    const figures = await frames(count, () => {
      const shown = rows()
      const [first, last] = [shown[0], shown.at(-1)].map((row) => row?.getBoundingClientRect())
      if (!first || first.top > 0 || last.bottom < innerHeight) blank += 1
      window.scrollBy(0, pixels)
    })
    return { ...figures, blank: blank / count }
  }

  const pane = () => document.querySelector('[aria-label="Lineage graph"]').parentElement
  const middle = () => {
    const { left, top, width, height } = pane().getBoundingClientRect()
    return { clientX: left + width / 2, clientY: top + height / 2 }
  }

  async function laidOut(nodes) {
    const drawn = await until(() => Number(document.querySelector('[aria-label="Lineage graph"]')?.dataset.nodes) >= nodes, 120_000)
    const answers = performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('/graphql'))
    const answer = answers.reduce((a, b) => (b.decodedBodySize > a.decodedBodySize ? b : a))
    return {
      asked: answer.responseEnd - answer.startTime,
      bytes: answer.decodedBodySize,
      answered: answer.responseEnd,
      laidOut: drawn - answer.responseEnd,
      whole: drawn,
      longestTask: await longestTask(answer.responseEnd, drawn),
      elements: document.querySelectorAll('[aria-label="Lineage graph"] *').length,
    }
  }

  function panned(count) {
    const pointer = { bubbles: true, pointerId: 1, button: 0, buttons: 1, isPrimary: true }
    const { clientX, clientY } = middle()
    const target = document.querySelector('[aria-label="Lineage graph"]')
    // There is no real pointer to be captured.
    pane().setPointerCapture = () => {}
    target.dispatchEvent(new PointerEvent('pointerdown', { ...pointer, clientX, clientY }))
    const around = (at) => ({ clientX: clientX + 400 * Math.sin(at / 15), clientY: clientY + 250 * Math.sin(at / 11) })
    return frames(count, (at) =>
      target.dispatchEvent(new PointerEvent('pointermove', { ...pointer, ...around(at) })),
    ).finally(() => target.dispatchEvent(new PointerEvent('pointerup', { ...pointer, ...middle() })))
  }

  function zoomed(count) {
    const target = document.querySelector('[aria-label="Lineage graph"]')
    return frames(count, (at) =>
      target.dispatchEvent(
        new WheelEvent('wheel', { bubbles: true, cancelable: true, ...middle(), deltaY: 40 * Math.sign(Math.sin(at / 20)) }),
      ),
    )
  }

  return { until, overview, filtered, type, press, sorted, count, loaded, read, scrolled, laidOut, panned, zoomed }
})()
