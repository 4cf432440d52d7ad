import fastify from 'fastify'

const MEGABYTE = 1024 * 1024

/**
 * An HTTP server around a loaded model: POST /score with a picture's bytes answers `{ score, decision, threshold }`.
 * @param {import('@im-iad/predict').Model} model
 * @param {{ maximumBytes?: number, maximumWaiting?: number }} [limits] - of one upload, and of uploads in memory at a time
 */
export function createApp(model, { maximumBytes = 20 * MEGABYTE, maximumWaiting = 64 } = {}) {
  const app = fastify({ bodyLimit: maximumBytes })
  let waiting = 0

  // Only pictures are taken: JSON and text would be parsed for nothing.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(/^(image\/|application\/octet-stream)/, { parseAs: 'buffer' }, (_request, body, done) => done(null, body))

  // Before a body is read: what waits takes memory.
  app.addHook('onRequest', async (_request, reply) => {
    if (waiting >= maximumWaiting) return reply.code(503).header('retry-after', '1').send({ error: 'busy: try again in a second' })
  })

  app.post('/score', async (request, reply) => {
    if (!(request.body instanceof Uint8Array) || request.body.length === 0)
      return reply.code(400).send({ error: "send a picture's bytes as the body" })
    waiting++
    try {
      const { score, decision } = await model.score(request.body)
      return { score, decision, threshold: model.threshold }
    } catch (error) {
      if (error.code !== 'IM_IAD_E_IMAGE') throw error
      // Not decided is not good: a client that only looks at `decision` finds none.
      return reply.code(422).send({ error: error.message })
    } finally {
      waiting--
    }
  })

  app.get('/health', async () => ({ algorithm: model.description.algorithm.id, threshold: model.threshold }))
  return app
}
