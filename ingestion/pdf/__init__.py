"""PDF pages: words with boxes, lines, paragraphs, headings and text recognition of scans."""
