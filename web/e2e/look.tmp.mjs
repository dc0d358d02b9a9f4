import { chromium } from 'playwright-core'
const b = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox','--disable-gpu','--disable-quic','--no-first-run','--disable-background-networking','--disable-component-update','--disable-sync','--use-angle=swiftshader','--enable-unsafe-swiftshader'] })
const U='http://127.0.0.1:8899'
async function login(app, login, size){ const c=await b.newContext({viewport:size}); const p=await c.newPage(); const r=await c.request.post(U+'/api/identity/sign-in',{data:{login,password:'Nuanxian-2026',app}}); if(!r.ok()) console.log(login, r.status(), await r.text()); return p }
const shot=async(p,u,n,w=2500)=>{ await p.goto(U+u); await p.waitForTimeout(w); await p.screenshot({path:`/tmp/look-${n}.png`}) }
let p=await login('desk','lead01',{width:1440,height:900})
await shot(p,'/desk/','desk'); await shot(p,'/desk/orders','orders')
await p.locator('[data-test=order-row]').first().click().catch(e=>console.log('row',String(e).slice(0,80))); await p.waitForTimeout(2500); await p.screenshot({path:'/tmp/look-order.png'})
await shot(p,'/desk/dispatch','dispatch',4000); await shot(p,'/desk/today','today',3500)
p=await login('wall','wall01',{width:1920,height:1080}); await shot(p,'/wall/','wall',4000)
p=await login('field','repairer01',{width:390,height:844}); await shot(p,'/field/','field')
await b.close()
