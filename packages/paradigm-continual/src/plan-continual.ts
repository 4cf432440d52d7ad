import {
  baseSplit,
  pictureKeys,
  type BaseSplit,
  type ParadigmRequest,
  type Protocol,
  type SampleFacts,
  type TrainingItem,
} from '@im-iad/core'
import { nothingNormal, nothingToTest } from './errors.ts'
import { orderTasks } from './order-tasks.ts'
import type { ContinualParameters } from './parameters.ts'

/**
 * One step per category: fit on its normal images, then test every category so far. What the model keeps of earlier tasks is the algorithm's affair; no image of an earlier
 * task is shown again.
 */
export function planContinual(request: ParadigmRequest<ContinualParameters>): Protocol {
  const { categories, parameters, random } = request
  const order = orderTasks(parameters, categories, random)
  const tasks = withoutTestedPictures(order.map((task) => splitTask(task, request)))
  const steps = tasks.map(({ task, split }, place) => ({
    task,
    train: split.train.map(trainingItem),
    auxiliary: [],
    evaluate: tasks.slice(0, place + 1).map((earlier) => ({ task: earlier.task, ids: earlier.split.test.map((sample) => sample.id) })),
  }))
  const leaks = tasks.flatMap(({ task, split }) => (split.leaky === null ? [] : [`${task}: ${split.leaky}`]))
  return {
    steps,
    leaky: leaks.length === 0 ? null : leaks.join('; '),
    notes: [
      `tasks in this order: ${order.join(', ')}`,
      ...tasks.flatMap(({ task, split }) => split.notes.map((note) => `${task}: ${note}`)),
    ],
  }
}

interface TaskSplit {
  readonly task: string
  readonly split: BaseSplit
}

function splitTask(task: string, { samples, parameters, random }: ParadigmRequest<ContinualParameters>): TaskSplit {
  const own = samples.filter((sample) => sample.category === task)
  const split = baseSplit(own, parameters, random)
  if (split.train.length === 0) throw nothingNormal(task, own.length)
  if (split.test.length === 0) throw nothingToTest(task, own.length)
  return { task, split }
}

/** A picture that stands in two categories may not be trained on in one and tested in the other. */
function withoutTestedPictures(tasks: readonly TaskSplit[]): readonly TaskSplit[] {
  const tested = new Set(tasks.flatMap(({ split }) => split.test.flatMap(pictureKeys)))
  return tasks.map(({ task, split }) => {
    const train = split.train.filter((sample) => split.leaky !== null || pictureKeys(sample).every((key) => !tested.has(key)))
    const left = split.train.length - train.length
    if (train.length === 0) throw nothingNormal(task, split.train.length)
    const notes = left === 0 ? [] : [`${left} of ${split.train.length} training images are left out: another task tests the same picture`]
    return { task, split: { ...split, train, notes: [...split.notes, ...notes] } }
  })
}

function trainingItem({ id, label }: SampleFacts): TrainingItem {
  return { id, label, mask: false }
}
