/** A region by its signed distance, negative inside, in units of the canvas. Distances need only be right near the edge. */
export interface Shape {
  readonly bounds: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number }
  readonly distance: (x: number, y: number) => number
}

export interface Point {
  readonly x: number
  readonly y: number
}

const around = ({ x, y }: Point, radius: number): Shape['bounds'] => ({
  left: x - radius,
  top: y - radius,
  right: x + radius,
  bottom: y + radius,
})

export function circle(center: Point, radius: number): Shape {
  return { bounds: around(center, radius), distance: (x, y) => Math.sqrt((x - center.x) ** 2 + (y - center.y) ** 2) - radius }
}

/** An ellipse whose outline is pushed in and out by up to `roughness` of its size, as `noise` (0…1) says. */
export function blob(center: Point, radiusX: number, radiusY: number, roughness: number, noise: (x: number, y: number) => number): Shape {
  const least = Math.min(radiusX, radiusY)
  const distance = (x: number, y: number): number => {
    const relative = Math.sqrt(((x - center.x) / radiusX) ** 2 + ((y - center.y) / radiusY) ** 2)
    return (relative - 1 + roughness * (noise(x, y) - 0.5) * 2) * least
  }
  return { bounds: around(center, Math.max(radiusX, radiusY) * (1 + roughness)), distance }
}

/** A line with round ends. */
export function segment(from: Point, to: Point, radius: number): Shape {
  const dx = to.x - from.x
  const dy = to.y - from.y
  const squaredLength = dx * dx + dy * dy
  const distance = (x: number, y: number): number => {
    const along = squaredLength === 0 ? 0 : Math.min(1, Math.max(0, ((x - from.x) * dx + (y - from.y) * dy) / squaredLength))
    return Math.sqrt((x - from.x - along * dx) ** 2 + (y - from.y - along * dy) ** 2) - radius
  }
  const bounds = {
    left: Math.min(from.x, to.x) - radius,
    top: Math.min(from.y, to.y) - radius,
    right: Math.max(from.x, to.x) + radius,
    bottom: Math.max(from.y, to.y) + radius,
  }
  return { bounds, distance }
}

/** A chain of lines. */
export function polyline(points: readonly Point[], radius: number): Shape {
  const parts = points.slice(1).map((point, index) => segment(points[index], point, radius))
  return union(parts)
}

/** A rectangle with rounded corners, turned by the angle whose cosine and sine are given. */
export function box(center: Point, halfWidth: number, halfHeight: number, corner: number, { cos, sin }: Turn = STRAIGHT): Shape {
  const distance = (x: number, y: number): number => {
    const u = Math.abs((x - center.x) * cos + (y - center.y) * sin) - halfWidth + corner
    const v = Math.abs((y - center.y) * cos - (x - center.x) * sin) - halfHeight + corner
    return Math.sqrt(Math.max(0, u) ** 2 + Math.max(0, v) ** 2) + Math.min(0, Math.max(u, v)) - corner
  }
  return { bounds: around(center, halfWidth + halfHeight), distance }
}

/** A rotation. */
export interface Turn {
  readonly cos: number
  readonly sin: number
}

const STRAIGHT: Turn = { cos: 1, sin: 0 }

export function turn(angle: number): Turn {
  return { cos: Math.cos(angle), sin: Math.sin(angle) }
}

/** A triangle, corner up, in a circle of the given radius. */
export function triangle(center: Point, radius: number, { cos, sin }: Turn = STRAIGHT): Shape {
  const normals = [-Math.PI / 2 + Math.PI, Math.PI / 6 + Math.PI, (5 * Math.PI) / 6 + Math.PI].map(turn)
  const distance = (x: number, y: number): number => {
    const u = (x - center.x) * cos + (y - center.y) * sin
    const v = (y - center.y) * cos - (x - center.x) * sin
    return normals.reduce((largest, normal) => Math.max(largest, u * normal.cos + v * normal.sin - radius / 2), -Infinity)
  }
  return { bounds: around(center, radius), distance }
}

function union(shapes: readonly Shape[]): Shape {
  const bounds = {
    left: Math.min(...shapes.map((shape) => shape.bounds.left)),
    top: Math.min(...shapes.map((shape) => shape.bounds.top)),
    right: Math.max(...shapes.map((shape) => shape.bounds.right)),
    bottom: Math.max(...shapes.map((shape) => shape.bounds.bottom)),
  }
  return { bounds, distance: (x, y) => shapes.reduce((least, shape) => Math.min(least, shape.distance(x, y)), Infinity) }
}

/** What two shapes have in common. */
export function intersection(first: Shape, second: Shape): Shape {
  return { bounds: second.bounds, distance: (x, y) => Math.max(first.distance(x, y), second.distance(x, y)) }
}

/** The first without the second. */
export function difference(first: Shape, second: Shape): Shape {
  return { bounds: first.bounds, distance: (x, y) => Math.max(first.distance(x, y), -second.distance(x, y)) }
}
