import type { WeightsSource } from '@im-iad/core'

interface TorchvisionFile {
  /** Ends with the first eight digits of its SHA-256, as torchvision names its files. */
  readonly file: string
  readonly sha256: string
  readonly size: number
}

function torchvision({ file, sha256, size }: TorchvisionFile): WeightsSource {
  return {
    kind: 'download',
    file,
    url: `https://download.pytorch.org/models/${file}`,
    sha256,
    size,
    revision: 'IMAGENET1K_V1',
    license: 'BSD-3-Clause (torchvision); ImageNet itself is for research',
    trainedOn: 'ImageNet-1k (ILSVRC 2012)',
    parameterNames: 'torchvision',
  }
}

export const RESNET18_WEIGHTS: WeightsSource = torchvision({
  file: 'resnet18-f37072fd.pth',
  sha256: 'f37072fd47e89c5e827621c5baffa7500819f7896bbacec160b1a16c560e07ec',
  size: 46_830_571,
})

export const RESNET34_WEIGHTS: WeightsSource = torchvision({
  file: 'resnet34-b627a593.pth',
  sha256: 'b627a593bcbe140c234610266fe4f8ae95ea42fc881d091c9b6052e6b1d0590f',
  size: 87_319_819,
})

export const RESNET50_WEIGHTS: WeightsSource = torchvision({
  file: 'resnet50-0676ba61.pth',
  sha256: '0676ba61b6795bbe1773cffd859882e5e297624d384b6993f7c9e683e722fb8a',
  size: 102_530_333,
})

export const WIDE_RESNET50_2_WEIGHTS: WeightsSource = torchvision({
  file: 'wide_resnet50_2-95faca4d.pth',
  sha256: '95faca4d11227dddf8633dbb5ff6c8a9003c1aa5b8945c73834b8007b10950b8',
  size: 138_223_492,
})
