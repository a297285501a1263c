"""A file of each kind that can be read: hostile ones are made of them."""

TALK = """subject,role,period,condition,state,message,action,age,note
s1,sender,1,over,3,5,4,20,a
s2,receiver,1,over,3,5,4,31,b
s1,sender,2,over,7,9,6,20,"c, d"
s2,receiver,2,over,7,9,6,31,
007,receiver,1,over,,2,1,.,e
007,sender,2,over,0,0,,.,f
"""
CHOICES = """subject,situation,alternative,chosen,price,brand
p1,1,a,1,2.5,x
p1,1,b,0,3,y
p1,2,a,0,1e0,x
p1,2,c,1,4,z
p2,1,a,1,2,x
p2,1,b,0,7,y
"""
PRODUCTS = """product,revenue,weight,shelf
pen,4,1.8,low
ink,7,1.1,low
nib,12,0.7,high
"""
EXPORT = (
    "participant.code,session.code,participant._is_bot,session.is_demo,talk.1.player.role,talk.1.group.id_in_subsession,"
    "talk.1.group.state,talk.1.player.message,talk.1.player.action,talk.2.player.role,talk.2.group.id_in_subsession,"
    "talk.2.group.state,talk.2.player.message,talk.2.player.action\n"
    "aa,s,0,0,S,1,3,5,,R,1,8,,2\nbb,s,0,0,R,1,3,,4,S,1,8,9,\ncc,s,0,0,S,2,1,1,,S,2,6,7,\ndd,s,0,0,R,2,1,,1,R,2,6,,5\n"
)
GAMES = '[conditions.over]\nfamily = "estimation"\ndirection = "over"\nhighest = 20\n'
LAYOUT = (
    '\n[otree]\napp = "talk"\nsender = "S"\nreceiver = "R"\nstate = "group.state"\nmessage = "player.message"\n'
    'action = "player.action"\ncondition = "over"\n'
)
WIDE = """who,pick,price.a,price.b,size.a,size.b,age
1,a,1,2,5,6,30
2,b,2.5,1,5,6,41
3,a,1e0,3,4,6,
4,b,4,1,5,2,28
"""
RANKS = """subject,situation,alternative,rank,price
p1,1,a,2,1
p1,1,b,1,2.5
p1,1,c,3,3
p1,2,a,1,2
p1,2,c,,1
p2,1,b,2,7
p2,1,c,1,1e0
"""
TASKS = """who,one,two,three,best,worst,age
1,a,b,c,a,b,30
1,b,c,d,c,d,30
2,d,a,,d,a,41
3,c,b,a,b,c,
"""
BASES = {
    "talk": TALK,
    "choices": CHOICES,
    "products": PRODUCTS,
    "export": EXPORT,
    "wide": WIDE,
    "ranks": RANKS,
    "tasks": TASKS,
}
"""Kind of file → one of it that can be read."""
