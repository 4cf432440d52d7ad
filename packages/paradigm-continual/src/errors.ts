import { ImIadError, nearest } from '@im-iad/core'

const CODE = 'IM_IAD_E_PROTOCOL'

export function unknownTask(task: string, categories: readonly string[]): ImIadError {
  const near = nearest(task, categories)
  return new ImIadError({
    code: CODE,
    what: `continual.tasks names "${task}", which is no category here`,
    found: categories.join(', '),
    fix: near === undefined ? 'name categories of the list' : `did you mean "${near}"?`,
  })
}

export function repeatedTask(task: string): ImIadError {
  return new ImIadError({
    code: CODE,
    what: `continual.tasks names "${task}" twice`,
    problem: 'a task is learned once',
    fix: 'name each category once',
  })
}

export function tooFewTasks(tasks: readonly string[]): ImIadError {
  return new ImIadError({
    code: CODE,
    what: 'continual learning needs at least two tasks',
    found: tasks.length === 0 ? 'no category' : `only ${tasks.join(', ')}`,
    fix: 'choose a dataset with several categories, or name more of them; with a single one, use the unsupervised paradigm',
  })
}

export function nothingNormal(task: string, count: number): ImIadError {
  return new ImIadError({
    code: CODE,
    what: `task "${task}" has no image to train on`,
    problem: `none of its ${count} images is normal, published for training, and of a part and picture that are not tested`,
    fix: 'add normal images, or leave it out with continual.tasks',
  })
}

export function nothingToTest(task: string, count: number): ImIadError {
  return new ImIadError({
    code: CODE,
    what: `task "${task}" has no image left to test`,
    problem: `all of its ${count} images are trained on`,
    fix: 'add images to test, lower continual.trainFraction, or leave it out with continual.tasks',
  })
}
