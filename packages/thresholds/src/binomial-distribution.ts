/**
 * P(X <= k) for X binomial(n, p), as the sum of its terms in logarithms, so that neither huge n nor tiny p underflows.
 * @param p - within (0, 1)
 */
export function binomialCumulative(k: number, n: number, p: number): number {
  if (k < 0) return 0
  if (k >= n) return 1
  const odds = Math.log(p) - Math.log1p(-p)
  let term = n * Math.log1p(-p)
  let largest = term
  let sum = 1
  for (let i = 0; i < k; i++) {
    term += Math.log((n - i) / (i + 1)) + odds
    if (term > largest) {
      sum = sum * Math.exp(largest - term) + 1
      largest = term
    } else sum += Math.exp(term - largest)
  }
  return Math.min(1, sum * Math.exp(largest))
}
