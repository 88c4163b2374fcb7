from end_to_end.evidence import statements_on
import time

def test_it(made, signers, tmp_path):
    t=time.time()
    w = made.copied(tmp_path/"w")
    def lap(s):
        nonlocal t
        print(s, round(time.time()-t,2)); t=time.time()
    lap("copy")
    d = made.drafts["diabetes"]
    ev = signers.sign(*statements_on(d.model)); lap("sign")
    n = w.propose(d.files, "jonas-weber", (), ()); lap("open")
    w.attach(n, (*ev, *d.testimony)); lap("attach")
    w.approve(n, "lena-fischer"); lap("approve")
    g = w.gate(n); print(g); lap("gate")
    g = w.gate(n); lap("gate")
    g= w.merge(n); print(g); lap("merge")
    d2 = made.drafts["better diabetes"]
    ev = signers.sign(*statements_on(d2.model))
    n = w.propose({d2.path("model.yaml"): d2.files[d2.path("model.yaml")]}, "jonas-weber", ("lena-fischer",), (*ev, *d2.testimony))
    print(w.gate(n)); lap("2")
    n = w.propose({d2.path("card.md"): d2.files[d2.path("card.md")]+b"\nx\n"}, "jonas-weber", ("lena-fischer",), ())
    print(w.gate(n)); lap("3")
    n=w.change("release", d.key, "--as","turnpike-bot"); lap("release")
    print(w.gate(n)); lap("gate")
    assert 0
