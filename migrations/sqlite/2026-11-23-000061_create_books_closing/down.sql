DROP TABLE chart_code;
DROP TABLE books_closing_line;
DROP TABLE books_closing;
