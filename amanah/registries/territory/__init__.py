"""Where everything is: province, city, kecamatan, kelurahan, RW, RT; their names, codes and boundaries; and which of them a point lies in.

The path code of a territory ("NN.NN.NN.NNNN", RW and RT beneath it) is the key everything else is scoped by.
Not for: who works there (offices), who lives there (people), what stands there (assets).
"""
