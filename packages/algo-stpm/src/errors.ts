import { ImIadError } from '@im-iad/core'

const CODE = 'IM_IAD_E_STUDENT'

/** The student was to begin as a copy of a teacher that can't be copied. */
export function noTrainableTeacher(backbone: string): ImIadError {
  return new ImIadError({
    code: CODE,
    what: `STPM's student can't begin as a copy of the backbone "${backbone}"`,
    problem: 'a formula or an .onnx file has no form that can be trained',
    fix: '--set stpm.studentInit=random (a residual student of our own learns its features), or a backbone that can be trained',
  })
}

/** @param known - strides that a student can have */
export function unknownStride(stride: number, whose: string, known: readonly number[]): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_LEVEL',
    what: `${whose} has no level of stride ${stride}`,
    problem: `its levels have the strides ${known.join(', ')}`,
    fix: 'set stpm.levels to some of them',
  })
}

export function differentGrid(stride: number, teacher: string, student: string): ImIadError {
  return new ImIadError({
    code: CODE,
    what: `at stride ${stride} the teacher's features are ${teacher}, the student's ${student}`,
    fix: 'set stpm.size to a multiple of the coarsest stride',
  })
}
