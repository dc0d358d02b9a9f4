# Reckons the demonstration's worked examples a second time: from the articles of the demonstration
# rules, day by day and in exact fractions, sharing nothing with the Rust code.
#   python3 crates/tariff/src/demonstration/independent.py
import os
import json,datetime as dt,sys
from fractions import Fraction as F
D=dt.date.fromisoformat; day1=dt.timedelta(1)
ex=json.load(open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'examples.json')))
def half_up(x): # fen
    s=-1 if x<0 else 1; x=abs(x); return s*int((2*x+1)//2)
def yuan(f): 
    s='-' if f<0 else ''; f=abs(f); return f"{s}{f//100}.{f%100:02d}"
def dec(f):
    f=F(f); s=str(f.numerator/f.denominator) 
    if f.denominator==1: return str(f.numerator)
    # exact decimal, six places, trailing zeros cut
    m=int(f*10**6); s=f"{m//10**6}.{m%10**6:06d}".rstrip('0'); return s
def season(y):
    nom=(D(f'{y}-11-15'), D(f'{y+1}-03-16'))
    heat=(D('2024-11-12'),D('2025-03-19')) if y==2024 else nom
    return nom,heat
price={('resident',0):F(22),('resident',1):F(15),('shop',0):F(30),('public',0):F(30),('garage',0):F(11)}
basis={'resident':'building_area','shop':'charged_area','public':'heated_area','garage':'usable_area'}
basic={'resident':F(3,10),'shop':F(3,10),'public':F(3,10)}
def holds(p,d): return D(p['from'])<=d and ('to' not in p or p['to'] is None or d<D(p['to']))
def charge(y,facts):
    nom,_=season(y); n=(nom[1]-nom[0]).days
    # overlap?
    d=D('1990-01-01'); 
    us=facts['uses']
    for i in range(len(us)):
        for j in range(i):
            a,b=us[i]['during'],us[j]['during']
            if max(D(a['from']),D(b['from']))<min(D(a.get('to') or '9999-12-31'),D(b.get('to') or '9999-12-31')): return {'refused':'tariff.uses_overlap'}
    sums={}
    for r in facts['rooms']:
        c=r['user_class']; a=r.get(basis[c]); a=a if a is not None else r.get('building_area')
        if a is None: return {'refused':'tariff.no_area'}
        a=F(a); h=F(r.get('storey_height') or 0)
        if a<0 or a>10**6 or h<0 or h>100: return {'refused':'tariff.absurd'}
        over=h-F('3.2'); share=F(0)
        if over>0 and c in('shop','public'):
            steps=-((-over)//F('0.1')); share=min(F('0.03')*steps,F('0.5'))
        d=nom[0]
        while d<nom[1]:
            if not r.get('during') or holds(r['during'],d):
                for u in us:
                    if holds(u['during'],d):
                        low=any(holds(p,d) for p in facts.get('low_income',[]))
                        pr=price.get((c,1)) if low and (c,1) in price else price[(c,0)]
                        x=pr*a*100/n
                        t=facts['charge_type']; st=u['state']
                        def put(k,v): 
                            if v: sums[k]=sums.get(k,0)+v
                        if st=='using':
                            area={'area':F(1),'two_part':F(3,10),'metered':F(0)}[t]
                            put('heat',x*area); put('metered',x*{'area':0,'two_part':F(7,10),'metered':F(8,10)}[t]); put('height',x*area*share)
                        elif st=='stopped': put('basic',x*basic.get(c,F(0)))
                        elif st=='forced_stop': put('basic',x*F(2,10))
            d+=day1
    out={k:half_up(v) for k,v in sums.items()}; out={k:v for k,v in out.items() if v}
    r={k:yuan(v) for k,v in out.items()}; r['total']=yuan(sum(out.values())); return r
payby={('resident','area'):(11,10),('resident','two_part'):(12,31),('shop','area'):(10,31),('public','area'):(1,15)}
def bill_day(y,md):
    nom,_=season(y); nx=dt.date(y+1,*md); return nx if nx<nom[1] else dt.date(y,*md)
def pay_by(y,c,t): return bill_day(y,payby[(c,t)]) if (c,t) in payby else season(y)[0][0]
def late(y,debt,on):
    c,t=debt['user_class'],debt['charge_type']
    start=pay_by(y,c,t)+day1+5*day1
    base={'amount':'0.00','due':'0.00','starts_on':str(start),'days':'0'}
    if debt['item'] not in('heat','basic','metered','height','overage') or on<start: return base
    num=F(0);days=0;d=start
    while d<=on:
        if not any(holds(p['during'],d) for p in debt.get('pauses',[])):
            o=[s['amount'] for s in debt['owed'] if D(s['from'])<=d]
            o=max(o[-1],0) if o else 0
            if o>0: days+=1; num+=F(o,1000)
        d+=day1
    amt=min(int(num), int(F(debt['charged'])*F(3,10)))
    due=max(amt-debt.get('posted',0),0) if amt>=100 else 0
    return {'amount':yuan(amt),'due':yuan(due),'starts_on':str(start),'days':str(days)}
def inwin(d,o,c):
    k=(d.month,d.day); return o<=k<=c if o<=c else (k>=o or k<=c)
def run(e):
    y=e['season'];k=e['case'];c=k['case']; nom,heat=season(y)
    if c=='calendar':
        d=D(k['day']); s,en=heat
        ph=None
        for name,a,b in [('fill',s-28*day1,s-7*day1),('trial',s-7*day1,s),('opening',s,s+10*day1),('stable',s+10*day1,en-7*day1),('closing',en-7*day1,en)]:
            if a<=d<b: ph=name
        r={'starts':f'{s}T00','ends':f'{en}T00','days':str((nom[1]-nom[0]).days),'charged_days':str((nom[1]-nom[0]).days),'pay_by':' '.join(str(pay_by(y,*p)) for p in [('resident','area'),('resident','two_part'),('shop','area'),('public','area')])}
        if ph: r['phase']=ph
        return r
    if c=='charge': return charge(y,k['facts'])
    if c=='late': return late(y,k['debt'],D(k['on']))
    if c=='waiver': return {'role':'station_head' if k['amount']<=20000 else 'manager' if k['amount']<=200000 else 'nobody'}
    if c=='discount':
        if k['arrears']>0 or k['user_class'] not in('resident','garage'): return {'amount':'0.00'}
        best=0
        for md,sh in [((8,31),F(3,100)),((9,30),F(2,100))]:
            if D(k['on'])<=bill_day(y,md): best=max(best,sum(int(i['amount']*sh) for i in k['items'] if i['item'] in('heat','metered')))
        return {'amount':yuan(best)}
    if c=='instalments': return {'first':yuan(-int(-F(k['total'])*F(3,10)//1)),'last_on':str(nom[1]-30*day1)}
    if c=='settle':
        m=k['metered']; p={'resident':'0.16','shop':'0.22','public':'0.2'}.get(m['user_class'])
        if p is None: return {'refused':'tariff.no_metered_price'}
        if F(m['used'])<0: return {'refused':'tariff.input'}
        full=half_up(F(p)*F(m['used'])*100); most=max(int(F(m['area_fee'])*F(12,10))-m['base'],0); cost=min(full,most)
        d=cost-m['prepaid']
        return {'cost':yuan(cost),'collect':yuan(max(d,0)),'refund':yuan(max(-d,0)),'carry':'0.00','price':f'{p} / kwh'}
    if c=='refund':
        b,cl=k['base'],k['claim']; fee=max(b['fee']-b['base_part'],0); n=(nom[1]-nom[0]).days
        if cl['reason']=='temperature':
            a=F(cl['affected'])
            if not 0<=a<=1: return {'refused':'tariff.input'}
            cold={}
            for x in cl['days']:
                d=D(x['on'])
                if heat[0]<=d<heat[1]: cold[d]=min(cold.get(d,F(99)),F(x['celsius']))
            sh=[F(1) if t<14 else F(1,2) if t<16 else F(3,10) if t<18 else F(0) for t in cold.values()]
            days=len([s for s in sh if s]); worth=F(fee)*sum(sh)*a/n
        else:
            h=min(cl['hours'],n*24); days=F(h,24) if h>=12 else F(0); days=F(int(days*10**6),10**6); worth=F(fee)*days/n
        w=half_up(worth); cap=max(b['fee']-b.get('refunded',0),0)
        return {'amount':yuan(min(w,cap)),'days':dec(days),'settle_by':str(heat[1]+30*day1)}
    if c=='apportion':
        it=k['items']; cr=[i for i,x in enumerate(it) if x['owed']<0]; de=[i for i,x in enumerate(it) if x['owed']>0]
        need=sum(it[i]['owed'] for i in de); have=-sum(it[i]['owed'] for i in cr)
        fc=min(have,need); fm=min(k['amount'],need-fc)
        if any(x.get('kind')=='advance' and x['owed']>0 for x in it) or k['amount']<0: return {'refused':'tariff.input'}
        cr.sort(key=lambda i:(it[i].get('kind')=='advance', -10**9 if it[i]['season'] is None else it[i]['season'], it[i].get('due_on') or '', i))
        def bucket(x):
            if x['item']=='violation': return 1
            if x['item']=='overage': return 2
            if x['item']=='late': return 3
            return 0 if x['season'] is not None and x['season']<y else 4
        io=['heat','height','basic','metered','reconnect']
        de.sort(key=lambda i:(bucket(it[i]), it[i]['season'] if it[i]['season'] is not None else y, io.index(it[i]['item']) if it[i]['item'] in io else 99, it[i].get('due_on') or '', i))
        parts=[];left=fc
        for i in cr:
            u=min(-it[i]['owed'],left); left-=u
            if u: parts.append(f'{i}:{yuan(-u)}')
        left=fc+fm
        for i in de:
            u=min(it[i]['owed'],left); left-=u
            if u: parts.append(f'{i}:{yuan(u)}')
        return {'parts':' '.join(parts),'advance':yuan(k['amount']-fm)}
    if c=='fees':
        p={'resident':56,'shop':90}.get(k['user_class'],0); return {'connection':yuan(half_up(F(k['area'])*p*100)),'reconnect':'50.00'}
    if c=='response':
        d=D(k['day']); r={'test_hours':'24'}
        m={'leak':'10 60 480','no_heat':'60 300 2880' if heat[0]<=d<heat[0]+10*day1 else '30 120 1440'}.get(k['kind'])
        if m: r['minutes']=m
        return r
    if c=='cash': return {'taken':yuan(half_up(F(k['amount'],10))*10)}
    if c=='approval':
        a=abs(k['amount']); return {'decides':'nobody' if k['small'] and a<=5000 else 'ordinary' if a<=10**6 else 'large' if a<=10**9 else 'refused'}
    if c=='apply':
        on=D(k['on']); ap=k['application']; by=dict(arrears=0,shut_off=True,in_warranty=False,violation=False,whole_contract=True,last_basic_paid=True,pipes_drained=True,hold=False,papers_shown=True,unit_share_stopped='0',stops_this_season=0); by.update(k['circumstances'])
        met={'no_arrears':by['arrears']<=0,'shut_off':by['shut_off'],'out_of_warranty':not by['in_warranty'],'no_violation':not by['violation'],'whole_contract':by['whole_contract'],'last_basic_paid':by['last_basic_paid'],'pipes_drained':by['pipes_drained'],'no_hold':not by['hold'],'papers_shown':by['papers_shown']}
        no=[]; out={'answer_by':str(on+5*day1)}
        if ap['apply']=='stop':
            f=D(ap['during']['from']); to=D(ap['during']['to']) if ap['during'].get('to') else None
            if not inwin(on,(4,1),(2,15)): no.append('outside_window')
            if f<on+10*day1: no.append('too_late')
            a=max(f,heat[0]); b=min(to or heat[1],heat[1])
            if a>=b: no.append('no_days')
            else:
                if (b-a).days<30: no.append('too_short')
                if by['stops_this_season']>=2: no.append('too_many_stops')
            if F(by['unit_share_stopped'])>F(3,10): no.append('unit_share')
            conds=['no_arrears','shut_off','out_of_warranty','no_violation','whole_contract','last_basic_paid','pipes_drained','no_hold']
            out['until']=str(min(to,heat[1]) if to else heat[1]); asked=f
        elif ap['apply']=='restore':
            asked=f=D(ap['from'])
            if not inwin(on,(4,1),(3,1)): no.append('outside_window')
            if f<on or f>=heat[1]: no.append('no_days')
            conds=['no_arrears','no_violation','no_hold']
        else:
            ch=ap['change']; w=((4,1),(10,31)) if ch in('split','merge','area','class') else ((1,1),(12,31))
            if not inwin(on,*w): no.append('outside_window')
            conds={'entry':['papers_shown'],'transfer':['no_arrears','papers_shown','no_hold'],'area':['papers_shown']}.get(ch,['no_arrears','papers_shown'])
            out['approval']='false' if ch=='transfer' else 'true'; asked=None
        no+=[x for x in conds if not met[x]]
        out['against']=' '.join(no)
        if asked: out['effective']=str(max(asked,D(k['valve']))) if k.get('valve') else 'not yet'
        return out
bad=0;n=0
for e in ex:
    n+=1
    try: r=run(e)
    except Exception as x: r={'EXC':repr(x)}
    if r!=e['expect']:
        bad+=1; print(e['names']['en'],e['season'],json.dumps(e['case'],ensure_ascii=False)[:500]); print('  file',e['expect']); print('  mine',r)
print(n, 'examples', bad, 'differ')
sys.exit(bad > 0)
