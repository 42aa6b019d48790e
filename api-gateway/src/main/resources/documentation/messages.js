// Shows the AsyncAPI documents (the gateway says DOCUMENTS first). The usual component for that evaluates generated code, which our Content-Security-Policy
// does not allow.
function element(name, ...content) {
  const made = document.createElement(name)
  made.append(...content)
  return made
}

const lastPart = (reference) => reference.$ref.split('/').at(-1)

// A schema with those that it is made of in their places.
function resolved(schema, schemas) {
  return JSON.parse(JSON.stringify(schema), (_, part) => (part?.$ref ? resolved(schemas[lastPart(part)], schemas) : part))
}

function shownMessage(name, { messages, schemas }) {
  const schema = resolved(messages[name].payload, schemas)
  return element('details', element('summary', name), element('pre', JSON.stringify(schema, null, 2)))
}

function shownOperation({ action, channel, messages, bindings }, { channels, components }) {
  const { address, bindings: { kafka } } = channels[lastPart(channel)]
  const cleanup = kafka.topicConfiguration['cleanup.policy'][0] === 'compact' ? ', compacted' : ''
  const group = bindings?.kafka.groupId.const
  return element('tr',
    element('td', action === 'send' ? 'sends' : `receives as ${group}`),
    element('td', element('strong', address), element('br'), `${kafka.partitions} partitions${cleanup}`),
    element('td', ...messages.map((message) => shownMessage(lastPart(message), components))))
}

function shownService(api) {
  const rows = Object.values(api.operations).map((operation) => shownOperation(operation, api))
  return element('section', element('h2', api.info.title), element('table', ...rows))
}

async function show(name) {
  const url = `/asyncapi/${name}.json`
  const place = document.querySelector('main').appendChild(element('section', element('h2', name)))
  const source = element('a', 'AsyncAPI document')
  source.href = url
  try {
    place.replaceChildren(shownService(await (await fetch(url)).json()), source)
  } catch {
    place.append('There is no document now.')
  }
}

DOCUMENTS.forEach(show)
