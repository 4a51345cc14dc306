"""A storm of writes, with servers killed in the middle: what was acknowledged stands, once, with its event.

    python -m tests.storm --clients 64 --seconds 60 --kills 3

clients    many that write at once, each sending a request again until it is answered
served     the server process over an embedded database, killed and started again
reckoning  what the database holds afterwards, against what was acknowledged
"""
