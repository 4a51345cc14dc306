"""Reports that users build themselves: `analyze` groups any dataset by fields of its rows and of rows that single
relations lead to, and measures others.

paths      dotted paths to fields            types      the types of `analyze`
asking     what is asked, column by column   answering  its SQL
"""
