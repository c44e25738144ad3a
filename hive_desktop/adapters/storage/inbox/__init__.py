"""The sealed inbox: what came while the vault was locked, encrypted to its public key.

    inbox/head              the key of this inbox's MACs, sealed for the vault
    inbox/news-000000 ...   renewed sign-ins, requests, how items stand
    inbox/<tag>-000000 ...  the pages of one item, in their order

Each file is one record: a MAC, and a body that only the vault opens (`records`).
"""
