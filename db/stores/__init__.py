"""Reading and writing rows, one module per noun.

Every public function takes the session and the viewer first, asks for a verb on its first line
and filters by the viewer's clinic. The one exception is `doors`, which answers before anybody is
signed in.
"""
