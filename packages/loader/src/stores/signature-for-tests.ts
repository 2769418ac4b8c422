import { createHash, createHmac } from 'node:crypto'

/** A request as a store sees it. */
export interface SignedRequest {
  readonly method: string
  /** Path and query as sent. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** The signature a request should bear, made from what its own Authorization says was signed (Signature Version 4, header form). */
export function expectedSignature(
  { method, url, headers }: SignedRequest,
  secretKey: string,
): string {
  const authorization = headers.authorization ?? ''
  const [, scope = '', names = ''] =
    /Credential=[^/]+\/([^,]+),\s*SignedHeaders=([^,]+)/.exec(authorization) ?? []
  const [path = '', query = ''] = url.split('?')
  const canonical = [
    method,
    path,
    query
      .split('&')
      .filter((pair) => pair !== '')
      .map((pair) => (pair.includes('=') ? pair : `${pair}=`))
      .sort()
      .join('&'),
    ...names.split(';').map((name) => `${name}:${(headers[name] ?? '').trim()}`),
    '',
    names,
    headers['x-amz-content-sha256'] ?? '',
  ].join('\n')
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n')
  const key = scope
    .split('/')
    .reduce<Buffer>((last, part) => hmac(last, part), Buffer.from(`AWS4${secretKey}`))
  return hmac(key, text).toString('hex')
}

/** Whether signature and digest of a request are right. */
export function isSigned(request: SignedRequest, secretKey: string): boolean {
  const signature = /Signature=([\da-f]{64})$/.exec(request.headers.authorization ?? '')?.[1]
  return (
    signature === expectedSignature(request, secretKey) &&
    request.headers['x-amz-content-sha256'] === sha256(request.body)
  )
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}

function hmac(key: Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest()
}
