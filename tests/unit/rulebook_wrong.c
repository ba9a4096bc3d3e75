/* SPDX-License-Identifier: MIT
 *
 * See rulebook_wrong.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rulebook_wrong.h"

static int check_wrong(const struct files *files, const struct wrong *wrong, bool directory)
{
    const char *suggestion = wrong->suggestion ? wrong->suggestion : "";
    struct text bad =
        replaced(directory ? &files->directory : &files->rulebook, wrong->old, wrong->by);
    struct ds_problems problems;
    struct made made;
    uint32_t line = 0;
    uint32_t column = 0;
    place_of(&bad, wrong->where, &line, &column);
    const int result = make(directory ? &files->rulebook : &bad,
                            directory ? &bad : &files->directory, &made, &problems);
    free_text(&bad);
    free(made.bytes);
    if (result == 0) {
        print_error("\"%s\" was accepted\n", wrong->by);
        return 1;
    }
    for (uint32_t i = 0; i < problems.n; i++)
        check_problem(&problems.list[i]);
    const struct ds_problem *p = &problems.list[0];
    if (strcmp(p->code, wrong->code) == 0 && p->line == line && p->column == column &&
        (problems.n > 1) == wrong->more && strcmp(p->suggestion, suggestion) == 0 &&
        strcmp(p->file, directory ? "directory.yaml" : "rulebook.yaml") == 0)
        return 0;
    char text[512];
    (void)ds_problem_format(text, sizeof(text), p, 0);
    print_error("\"%s\" gave %u problems, the first is %s:\n    %s\n", wrong->by, problems.n,
                p->code, text);
    print_error("    expected %s at %u:%u, suggestion \"%s\"\n", wrong->code, line, column,
                suggestion);
    return 1;
}

int count_failed(const struct files *files, const struct wrong *wrong, size_t n, bool directory)
{
    int failed = 0;
    for (size_t i = 0; i < n; i++)
        failed += check_wrong(files, &wrong[i], directory);
    return failed;
}
