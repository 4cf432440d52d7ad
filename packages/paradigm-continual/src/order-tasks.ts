import type { RandomSource } from '@im-iad/core'
import { repeatedTask, tooFewTasks, unknownTask } from './errors.ts'
import type { ContinualParameters } from './parameters.ts'

/**
 * The tasks in the order in which they are learned.
 * @throws ImIadError IM_IAD_E_PROTOCOL for a task that is no category or named twice, and for fewer than two
 */
export function orderTasks(
  { order, tasks }: Pick<ContinualParameters, 'order' | 'tasks'>,
  categories: readonly string[],
  random: RandomSource,
): readonly string[] {
  const ordered = tasks.length > 0 ? chosenTasks(tasks, categories) : orderedCategories(order, categories, random)
  if (ordered.length < 2) throw tooFewTasks(ordered)
  return ordered
}

function orderedCategories(order: ContinualParameters['order'], categories: readonly string[], random: RandomSource): readonly string[] {
  switch (order) {
    case 'published':
      return categories
    case 'alphabetical':
      // By code units: the same on every machine.
      return categories.toSorted()
    case 'shuffled':
      return random.stream('task order').shuffle(categories)
  }
}

function chosenTasks(tasks: readonly string[], categories: readonly string[]): readonly string[] {
  for (const [place, task] of tasks.entries()) {
    if (!categories.includes(task)) throw unknownTask(task, categories)
    if (tasks.indexOf(task) !== place) throw repeatedTask(task)
  }
  return tasks
}
