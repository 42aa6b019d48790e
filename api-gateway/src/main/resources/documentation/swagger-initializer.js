// Configures the documents that Swagger UI shows (the gateway prepends DOCUMENTS) and the log-in. The documents require a
// bearer token. Swagger UI can get one with the authorization code flow of the web client, so this adds that flow.
const LOG_IN = {
  type: 'oauth2',
  flows: {
    authorizationCode: {
      authorizationUrl: '/oauth2/authorize',
      tokenUrl: '/oauth2/token',
      scopes: { openid: 'Who you are', profile: 'Your name' }
    }
  }
}

function withLogIn(text) {
  const document = JSON.parse(text)
  if (!document.components?.securitySchemes?.bearer) {
    return text
  }
  document.components.securitySchemes.login = LOG_IN
  const operations = [document, ...Object.values(document.paths ?? {}).flatMap((path) => Object.values(path))]
  for (const { security } of operations) {
    if (Array.isArray(security) && security.some((scheme) => scheme.bearer)) {
      security.push({ login: [] })
    }
  }
  return JSON.stringify(document)
}

const LogIn = {
  statePlugins: {
    spec: {
      wrapActions: {
        updateSpec: (update) => (text) => update(text ? withLogIn(text) : text)
      }
    }
  }
}

window.onload = () => {
  const messages = document.createElement('a')
  messages.href = 'messages'
  messages.textContent = 'Messages between the services'
  document.body.prepend(messages)
  window.ui = SwaggerUIBundle({
    urls: DOCUMENTS.map((name) => ({ name, url: `/openapi/${name}.json` })),
    dom_id: '#swagger-ui',
    deepLinking: true,
    validatorUrl: null,
    oauth2RedirectUrl: `${window.location.origin}/docs/oauth2-redirect.html`,
    presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
    plugins: [LogIn],
    layout: 'StandaloneLayout'
  })
  window.ui.initOAuth({
    clientId: 'sagamart-web',
    scopes: ['openid', 'profile'],
    usePkceWithAuthorizationCodeGrant: true
  })
}
