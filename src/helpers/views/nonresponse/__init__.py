"""The nonresponse chapter: figures, sentences, charts."""
