/** Links that open a map program on the phone. Our places are WGS-84, and the links say so. */

export function amapUrl(lng: number, lat: number, name: string): string {
  const query = new URLSearchParams({
    to: `${lng},${lat},${name}`, mode: 'car', coordinate: 'wgs84', callnative: '1', src: 'hearthline',
  })
  return `https://uri.amap.com/navigation?${query}`
}

export function systemMapUrl(lng: number, lat: number, name: string, agent = navigator.userAgent): string {
  if (/iPhone|iPad/.test(agent)) return `maps://?daddr=${lat},${lng}&q=${encodeURIComponent(name)}`
  return `geo:${lat},${lng}?q=${lat},${lng}(${encodeURIComponent(name)})`
}
